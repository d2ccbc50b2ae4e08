package check

var trainSettings []string

func (p *Program) checkTrain(d *declared) {}
func (p *Program) checkRule(d *declared)  {}

type ruleSite struct{}
