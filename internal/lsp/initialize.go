package lsp

import (
	"encoding/json"
	"path/filepath"
	"slices"
)

// capabilities is what the server can do, as clients are told.
type capabilities struct {
	PositionEncoding           string    `json:"positionEncoding"`
	TextDocumentSync           syncKind  `json:"textDocumentSync"`
	DocumentFormattingProvider bool      `json:"documentFormattingProvider"`
	DocumentSymbolProvider     bool      `json:"documentSymbolProvider"`
	HoverProvider              bool      `json:"hoverProvider"`
	DefinitionProvider         bool      `json:"definitionProvider"`
	ReferencesProvider         bool      `json:"referencesProvider"`
	DocumentHighlightProvider  bool      `json:"documentHighlightProvider"`
	RenameProvider             prepares  `json:"renameProvider"`
	SemanticTokensProvider     colours   `json:"semanticTokensProvider"`
	CodeLensProvider           struct{}  `json:"codeLensProvider"`
	ExecuteCommandProvider     runs      `json:"executeCommandProvider"`
	CodeActionProvider         bool      `json:"codeActionProvider"`
	InlayHintProvider          bool      `json:"inlayHintProvider"`
	CompletionProvider         completes `json:"completionProvider"`
	SignatureHelpProvider      completes `json:"signatureHelpProvider"`
}

type syncKind struct {
	OpenClose bool `json:"openClose"`
	Change    int  `json:"change"` // 2: changes of parts are sent
	Save      bool `json:"save"`
}

// completes says after which characters a client asks by itself.
type completes struct {
	TriggerCharacters []string `json:"triggerCharacters"`
}

// prepares says that it can be asked beforehand whether a name may be changed.
type prepares struct {
	PrepareProvider bool `json:"prepareProvider"`
}

// colours says what the numbers of semantic tokens stand for.
type colours struct {
	Legend struct {
		TokenTypes     []string `json:"tokenTypes"`
		TokenModifiers []string `json:"tokenModifiers"`
	} `json:"legend"`
	Full  bool `json:"full"`
	Range bool `json:"range"`
}

func legend() colours {
	c := colours{Full: true, Range: true}
	c.Legend.TokenTypes, c.Legend.TokenModifiers = tokenTypes, tokenModifiers
	return c
}

// runs says which commands the client may ask for.
type runs struct {
	Commands []string `json:"commands"`
}

func (s *server) commands() (list []string) {
	if s.options.Draw != nil {
		list = append(list, commandRender)
	}
	if s.options.Test != nil {
		list = append(list, commandTest)
	}
	return list
}

type initialized struct {
	Capabilities capabilities `json:"capabilities"`
	ServerInfo   serverInfo   `json:"serverInfo"`
}

type serverInfo struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// greeting is what a client says of itself first.
type greeting struct {
	RootURI          string `json:"rootUri"`
	WorkspaceFolders []struct {
		URI string `json:"uri"`
	} `json:"workspaceFolders"`
}

// hear takes the folders that the client works in. The root of a disk is none.
func (s *server) hear(params json.RawMessage) {
	var g greeting
	_ = json.Unmarshal(params, &g) // one that says nothing is as good
	uris := []string{g.RootURI}
	for _, folder := range g.WorkspaceFolders {
		uris = append(uris, folder.URI)
	}
	for _, uri := range uris {
		if path := pathOf(uri); path != "" && filepath.Dir(path) != path && !slices.Contains(s.roots, path) {
			s.roots = append(s.roots, path)
		}
	}
}

func (s *server) initialize(params json.RawMessage) (any, error) {
	s.hear(params)
	return initialized{
		Capabilities: capabilities{
			PositionEncoding:           "utf-16",
			TextDocumentSync:           syncKind{OpenClose: true, Change: 2, Save: true},
			DocumentFormattingProvider: true,
			DocumentSymbolProvider:     true,
			HoverProvider:              true,
			DefinitionProvider:         true,
			ReferencesProvider:         true,
			DocumentHighlightProvider:  true,
			RenameProvider:             prepares{true},
			SemanticTokensProvider:     legend(),
			ExecuteCommandProvider:     runs{s.commands()},
			CodeActionProvider:         true,
			InlayHintProvider:          true,
			CompletionProvider:         completes{[]string{"[", ">"}},
			SignatureHelpProvider:      completes{[]string{"[", ","}},
		},
		ServerInfo: serverInfo{"ncd", s.options.Version},
	}, nil
}
