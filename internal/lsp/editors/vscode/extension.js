// Starts `ncd lsp` for documents of the language ncd, and shows the figures that it draws.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { page } = require("./figure.js");

/** @typedef {{ name: string, svg: string }} Figure */

/** @type {LanguageClient | undefined} */
let client;

/** @type {Map<string, vscode.WebviewPanel>} the figures that are shown, by document and name */
const panels = new Map();

/** @param {string} uri @param {Figure} figure */
function show(uri, { name, svg }) {
  const key = `${uri}#${name}`;
  let panel = panels.get(key);
  if (!panel) {
    panel = vscode.window.createWebviewPanel("ncd.figure", name, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    panel.onDidDispose(() => panels.delete(key));
    panels.set(key, panel);
  }
  panel.webview.html = page(name, svg);
}

/** @param {string} uri @param {string} name */
async function redraw(uri, name) {
  try {
    const figure = /** @type {Figure} */ (await client?.sendRequest("workspace/executeCommand", { command: "ncd.render", arguments: [uri, name] }));
    show(uri, figure);
  } catch {
    // a program that is broken while it is being written keeps its last figure
  }
}

/** @param {vscode.TextDocument} document */
async function redrawAll(document) {
  const uri = document.uri.toString();
  for (const key of panels.keys()) {
    if (key.startsWith(`${uri}#`)) await redraw(uri, key.slice(uri.length + 1));
  }
}

/** Draws what the last lens at or above the cursor would draw. */
async function renderHere() {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const uri = editor.document.uri;
  const lenses = /** @type {vscode.CodeLens[]} */ (await vscode.commands.executeCommand("vscode.executeCodeLensProvider", uri, 1000));
  const above = lenses.filter((l) => l.command?.command === "ncd.render" && l.range.start.line <= editor.selection.active.line);
  const last = above[above.length - 1]?.command;
  if (last) await vscode.commands.executeCommand("ncd.render", ...(last.arguments ?? []));
}

/** @param {vscode.ExtensionContext} context */
exports.activate = (context) => {
  const command = vscode.workspace.getConfiguration("ncd").get("path", "ncd");
  client = new LanguageClient("ncd", "NCD", { command, args: ["lsp"] }, {
    documentSelector: [{ language: "ncd" }],
    middleware: {
      executeCommand: async (name, args, next) => {
        const result = await next(name, args);
        if (name === "ncd.render" && result) show(args[0], result);
        return result;
      },
    },
  });
  context.subscriptions.push(
    vscode.commands.registerCommand("ncd.renderHere", renderHere),
    vscode.workspace.onDidSaveTextDocument(redrawAll),
  );
  return client.start();
};

exports.deactivate = () => client?.stop();
