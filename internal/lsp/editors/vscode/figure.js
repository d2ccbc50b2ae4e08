// The page that shows a figure. It runs nothing: the figure is SVG, and no script is let in.

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/**
 * @param {string} name what is drawn
 * @param {string} svg its figure
 * @returns {string} the page
 */
exports.page = (name, svg) => `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:">
<title>${escaped(name)}</title>
<style>body { background: white; text-align: center } svg { max-width: 100%; height: auto }</style>
</head>
<body>${svg.slice(Math.max(0, svg.indexOf("<svg")))}</body>
</html>`;
