package doc

import (
	"encoding/base64"
	"html/template"
	"io"
)

// Figures hand out the figure of an entry as SVG, or nothing where it has none.
type Figures func(Entry) []byte

// HTML writes files as one page with their figures in it. Each figure is a picture
// of its own, so that names inside of one do not meet those of another.
func HTML(w io.Writer, files []File, figures Figures) error {
	return page.Execute(w, map[string]any{
		"Files": files,
		"Figure": func(e Entry) template.URL {
			if !e.isDrawn() {
				return ""
			}
			picture := figures(e)
			if picture == nil {
				return ""
			}
			return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(picture))
		},
	})
}

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{range $i, $f := .Files}}{{if $i}}, {{end}}{{$f.Name}}{{end}}</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff }
nav a { margin-right: .75em }
pre { background: #f4f4f2; padding: .6rem .8rem; white-space: pre-wrap }
img { max-width: 100%; margin: .5rem 0 }
table { border-collapse: collapse }
td, th { text-align: left; padding: .15rem 1.2rem .15rem 0; border-bottom: 1px solid #ddd }
h2 { border-top: 1px solid #ddd; padding-top: 1rem }
</style>
</head>
<body>
{{- $figure := .Figure}}
{{- range .Files}}
{{- $file := .Name}}
<h1 id="{{$file}}">{{$file}}</h1>
{{- if .Doc}}
<p>{{.Doc}}</p>
{{- end}}
<nav>{{range .Entries}}<a href="#{{$file}}/{{.Kind}}/{{.Name}}">{{.Name}}</a>{{end}}</nav>
{{- range .Entries}}
<section id="{{$file}}/{{.Kind}}/{{.Name}}">
<h2>{{or .Title .Name}}</h2>
<pre>{{.Signature}}</pre>
{{- if .Doc}}
<p>{{.Doc}}</p>
{{- end}}
{{- with call $figure .}}
<img src="{{.}}" alt="The figure.">
{{- end}}
{{- if .Parameters}}
<table>
<tr><th>parameter</th><th>takes</th><th>default</th></tr>
{{- range .Parameters}}
<tr><td><code>{{.Name}}</code></td><td>{{.Kind}}</td><td>{{with .Default}}<code>{{.}}</code>{{end}}</td></tr>
{{- end}}
</table>
{{- end}}
</section>
{{- end}}
{{- end}}
</body>
</html>
`))
