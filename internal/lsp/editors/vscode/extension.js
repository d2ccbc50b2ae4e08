// Starts `ncd lsp` for documents of the language ncd.
const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = () => {
  const command = workspace.getConfiguration("ncd").get("path");
  client = new LanguageClient("ncd", "NCD", { command, args: ["lsp"] }, { documentSelector: [{ language: "ncd" }] });
  return client.start();
};

exports.deactivate = () => client && client.stop();
