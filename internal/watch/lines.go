package watch

import "strings"

// earlier is the line of an earlier text that a line of a later one was, or stands in the
// place of; 0 where there is none. What both texts begin and end with has stayed.
func earlier(before, after string, line int) int {
	if line <= 0 || before == "" {
		return 0
	}
	old, now := strings.Split(before, "\n"), strings.Split(after, "\n")
	head := 0
	for head < min(len(old), len(now)) && old[head] == now[head] {
		head++
	}
	tail := 0
	for tail < min(len(old), len(now))-head && old[len(old)-1-tail] == now[len(now)-1-tail] {
		tail++
	}
	switch {
	case line <= head:
		return line
	case line > len(now)-tail:
		return line - len(now) + len(old)
	}
	return min(line, len(old)-tail)
}
