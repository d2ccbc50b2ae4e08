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

// changes is the Levenshtein distance, in letters.
func changes(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range s {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range t {
			replaced := diagonal
			if x != y {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
