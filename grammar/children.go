package grammar

func (n *Load) eachChild(visit func(Node)) {
	one(visit, n.Slot)
	all(visit, n.Index)
}

func (n *Tuple) eachChild(visit func(Node)) {
	all(visit, n.Parts)
}

func (n *Merge) eachChild(visit func(Node)) {
	all(visit, n.Items)
}

func (n *Box) eachChild(visit func(Node)) {
	all(visit, n.Args)
}

func (n *Binary) eachChild(visit func(Node)) {
	one(visit, n.Left)
	one(visit, n.Right)
}

func (n *Negate) eachChild(visit func(Node)) {
	one(visit, n.Of)
}

func (n *Power) eachChild(visit func(Node)) {
	one(visit, n.Base)
	one(visit, n.Exponent)
}

func (n *Flow) eachChild(visit func(Node)) {
	all(visit, n.Steps)
}

func (n *Apply) eachChild(visit func(Node)) {
	one(visit, n.Fn)
	all(visit, n.Args)
}

func (n *Select) eachChild(visit func(Node)) {
	one(visit, n.From)
	one(visit, n.Name)
}

func (n *At) eachChild(visit func(Node)) {
	one(visit, n.Of)
	one(visit, n.Phase)
}

func (n *Args) eachChild(visit func(Node)) {
	all(visit, n.List)
}

func (n *Arg) eachChild(visit func(Node)) {
	all(visit, n.Items)
	all(visit, n.To)
	one(visit, n.Where)
}

func (n *Item) eachChild(visit func(Node)) {
	one(visit, n.Expr)
	one(visit, n.Size)
	one(visit, n.Value)
}

func (n *Compare) eachChild(visit func(Node)) {
	one(visit, n.Left)
	one(visit, n.Right)
}

func (n *Logic) eachChild(visit func(Node)) {
	one(visit, n.Left)
	one(visit, n.Right)
}

func (n *Not) eachChild(visit func(Node)) {
	one(visit, n.Of)
}

func (n *Fact) eachChild(visit func(Node)) {
	one(visit, n.Of)
}

func (n *Block) eachChild(visit func(Node)) {
	all(visit, n.Stmts)
}

func (n *For) eachChild(visit func(Node)) {
	one(visit, n.Var)
	one(visit, n.From)
	one(visit, n.To)
	one(visit, n.Body)
}

func (n *If) eachChild(visit func(Node)) {
	one(visit, n.Cond)
	one(visit, n.Then)
	one(visit, n.Else)
}

func (n *Else) eachChild(visit func(Node)) {
	one(visit, n.If)
	one(visit, n.Block)
}

func (n *Save) eachChild(visit func(Node)) {
	one(visit, n.Slot)
	one(visit, n.Index)
	one(visit, n.Value)
}

func (n *State) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Axes)
	one(visit, n.Value)
}

func (n *Kept) eachChild(visit func(Node)) {
	one(visit, n.Def)
}

func (n *Def) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Axes)
	one(visit, n.Value)
}

func (n *Expect) eachChild(visit func(Node)) {
	one(visit, n.Error)
	one(visit, n.Body)
	one(visit, n.Value)
	one(visit, n.Type)
	one(visit, n.Near)
	one(visit, n.Within)
}

func (n *Assign) eachChild(visit func(Node)) {
	all(visit, n.Targets)
	one(visit, n.Value)
}

func (n *Result) eachChild(visit func(Node)) {
	all(visit, n.Values)
}

func (n *plain) eachChild(visit func(Node)) {
	all(visit, n.Exprs)
	one(visit, n.Value)
}

func (n *Import) eachChild(visit func(Node)) {
	one(visit, n.Path)
	one(visit, n.As)
}

func (n *Axis) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Size)
}

func (n *Const) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Value)
}

func (n *Diagram) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Title)
	all(visit, n.Params)
	one(visit, n.Ports)
	one(visit, n.Result)
	one(visit, n.Expr)
	one(visit, n.Body)
	one(visit, n.Reverse)
}

func (n *Param) eachChild(visit func(Node)) {
	all(visit, n.Names)
	all(visit, n.To)
	one(visit, n.Kind)
	one(visit, n.Default)
}

func (n *Ports) eachChild(visit func(Node)) {
	all(visit, n.List)
}

func (n *Port) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Axes)
	one(visit, n.In)
}

func (n *Type) eachChild(visit func(Node)) {
	one(visit, n.Axes)
	one(visit, n.In)
	all(visit, n.Parts)
}

func (n *Reverse) eachChild(visit func(Node)) {
	one(visit, n.Ports)
	one(visit, n.Body)
}

func (n *Figure) eachChild(visit func(Node)) {
	one(visit, n.Name)
	all(visit, n.Keys)
}

func (n *FigureKey) eachChild(visit func(Node)) {
	one(visit, n.Key)
	one(visit, n.Number)
	one(visit, n.Word)
	one(visit, n.Text)
}

func (n *Test) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Body)
}

func (n *Rule) eachChild(visit func(Node)) {
	one(visit, n.Name)
	all(visit, n.Params)
	one(visit, n.Over)
	one(visit, n.Body)
}

func (n *RuleBlock) eachChild(visit func(Node)) {
	all(visit, n.Stmts)
}

func (n *AtBox) eachChild(visit func(Node)) {
	one(visit, n.Box)
	one(visit, n.Ports)
	one(visit, n.Out)
	one(visit, n.Body)
}

func (n *Phase) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Body)
}

func (n *Settle) eachChild(visit func(Node)) {
	one(visit, n.Steps)
	one(visit, n.Body)
}

func (n *Fixed) eachChild(visit func(Node)) {
	one(visit, n.Name)
	one(visit, n.Axes)
	one(visit, n.Like)
	one(visit, n.Value)
}

func (n *Trace) eachChild(visit func(Node)) {
	one(visit, n.Def)
}

func (n *Aux) eachChild(visit func(Node)) {
	one(visit, n.Def)
}

func (n *RuleOptimizer) eachChild(visit func(Node)) {
	one(visit, n.Value)
}

func (n *Change) eachChild(visit func(Node)) {
	one(visit, n.Def)
}

func (n *Train) eachChild(visit func(Node)) {
	one(visit, n.Name)
	all(visit, n.Entries)
}

func (n *Data) eachChild(visit func(Node)) {
	all(visit, n.Ports)
	one(visit, n.From)
}

func (n *Model) eachChild(visit func(Node)) {
	one(visit, n.Def)
}

func (n *RuleUse) eachChild(visit func(Node)) {
	all(visit, n.Uses)
}

func (n *Use) eachChild(visit func(Node)) {
	one(visit, n.Part)
	one(visit, n.Rule)
	one(visit, n.Over)
}

func (n *Group) eachChild(visit func(Node)) {
	one(visit, n.Part)
	one(visit, n.Change)
}

func (n *Stage) eachChild(visit func(Node)) {
	one(visit, n.Name)
	all(visit, n.Entries)
}

func (n *Let) eachChild(visit func(Node)) {
	all(visit, n.Names)
	one(visit, n.Value)
}

func (n *Setting) eachChild(visit func(Node)) {
	one(visit, n.Key)
	one(visit, n.Name)
	one(visit, n.Value)
}

func (*Number) eachChild(func(Node))      {}
func (*Text) eachChild(func(Node))        {}
func (*Name) eachChild(func(Node))        {}
func (*Word) eachChild(func(Node))        {}
func (*Kind) eachChild(func(Node))        {}
func (*Length) eachChild(func(Node))      {}
func (*SendNothing) eachChild(func(Node)) {}
