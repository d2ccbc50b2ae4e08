package lsp

import "encoding/json"

// capabilities is what the server can do, as clients are told.
type capabilities struct {
	PositionEncoding           string   `json:"positionEncoding"`
	TextDocumentSync           syncKind `json:"textDocumentSync"`
	DocumentFormattingProvider bool     `json:"documentFormattingProvider"`
	DocumentSymbolProvider     bool     `json:"documentSymbolProvider"`
}

type syncKind struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"` // 1: a document is sent whole
	Save      bool `json:"save"`
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
		},
		ServerInfo: serverInfo{"ncd", s.options.Version},
	}, nil
}
