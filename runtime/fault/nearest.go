package fault

import "strings"

// Nearest is the candidate that takes the fewest changed letters to become name,
// or "" where none is near: more than a third of the letters would change.
func Nearest(name string, candidates []string) string {
	best, fewest := "", max(1, len([]rune(name))/3)+1
	for _, c := range candidates {
		if n := changes(strings.ToLower(name), strings.ToLower(c)); n < fewest {
			best, fewest = c, n
		}
	}
	return best
}

// changes counts the letters put in, taken out, replaced, or swapped with their
// neighbour: the optimal string alignment distance.
func changes(a, b string) int {
	s, t := []rune(a), []rune(b)
	count := make([][]int, len(s)+1) // of s up to i and t up to j
	for i := range count {
		count[i] = make([]int, len(t)+1)
		count[i][0] = i
	}
	for j := range t {
		count[0][j+1] = j + 1
	}
	for i := range s {
		for j := range t {
			replaced := count[i][j]
			if s[i] != t[j] {
				replaced++
			}
			fewest := min(replaced, count[i][j+1]+1, count[i+1][j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				fewest = min(fewest, count[i-1][j-1]+1)
			}
			count[i+1][j+1] = fewest
		}
	}
	return count[len(s)][len(t)]
}
