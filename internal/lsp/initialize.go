package lsp

import "encoding/json"

// capabilities is what the server can do, as clients are told.
type capabilities struct {
	PositionEncoding           string    `json:"positionEncoding"`
	TextDocumentSync           syncKind  `json:"textDocumentSync"`
	DocumentFormattingProvider bool      `json:"documentFormattingProvider"`
	DocumentSymbolProvider     bool      `json:"documentSymbolProvider"`
	HoverProvider              bool      `json:"hoverProvider"`
	DefinitionProvider         bool      `json:"definitionProvider"`
	CodeActionProvider         bool      `json:"codeActionProvider"`
	InlayHintProvider          bool      `json:"inlayHintProvider"`
	CompletionProvider         completes `json:"completionProvider"`
}

type syncKind struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"` // 1: a document is sent whole
	Save      bool `json:"save"`
}

// completes says after which characters completion is asked for by itself.
type completes struct {
	TriggerCharacters []string `json:"triggerCharacters"`
}

type initialized struct {
	Capabilities capabilities `json:"capabilities"`
	ServerInfo   serverInfo   `json:"serverInfo"`
}

type serverInfo struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

func (s *server) initialize(json.RawMessage) (any, error) {
	return initialized{
		Capabilities: capabilities{
			PositionEncoding:           "utf-16",
			TextDocumentSync:           syncKind{OpenClose: true, Change: 1, Save: true},
			DocumentFormattingProvider: true,
			DocumentSymbolProvider:     true,
			HoverProvider:              true,
			DefinitionProvider:         true,
			CodeActionProvider:         true,
			InlayHintProvider:          true,
			CompletionProvider:         completes{[]string{"[", ">"}},
		},
		ServerInfo: serverInfo{"ncd", s.options.Version},
	}, nil
}
