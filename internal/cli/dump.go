package cli

import (
	"io"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/grammar"
)

// dump prints the text form of a stage of the compiler.
func (s *session) dump() *cobra.Command {
	var set setFlags
	var data dataFlags
	var stage, rule string
	cmd := &cobra.Command{
		Use:   "dump FILE [NAME]",
		Short: "Print the text form of a stage of the compiler",
		Example: `  ncd dump --stage diagram attention.ncd MultiHead
  ncd dump --stage plan digits.ncd`,
		Args: wants(1, 2, "a FILE and a NAME"),
		RunE: func(_ *cobra.Command, words []string) error {
			values, err := set.values()
			if err != nil {
				return err
			}
			print, known := stages[stage]
			if !known {
				return misused("there is no stage `%s`; there are syntax, diagram, learn and plan", stage)
			}
			o := check.Options{Set: values, Rule: rule}
			return print(s, dumping{words[0], words[1:], o, data})
		},
	}
	set.add(cmd)
	data.add(cmd)
	cmd.Flags().StringVar(&stage, "stage", "diagram", "`stage`: syntax, diagram, learn (of a train block), or plan")
	cmd.Flags().StringVar(&rule, "rule", "", "learning `rule` in place of the train block's own")
	return cmd
}

// dumping is what is to be dumped.
type dumping struct {
	file    string
	named   []string
	options check.Options
	data    dataFlags
}

// stages print each stage of the compiler.
var stages = map[string]func(*session, dumping) error{
	"syntax":  (*session).dumpSyntax,
	"diagram": (*session).dumpDiagram,
	"learn":   (*session).dumpLearn,
	"plan":    (*session).dumpPlan,
}

func (s *session) dumpSyntax(d dumping) error {
	file, err := s.read(d.file)
	if err != nil {
		return err
	}
	tree, said := grammar.Parse(file)
	if err := s.heed(said); err != nil {
		return err
	}
	_, err = io.WriteString(s.Out, grammar.DumpProgram(tree))
	return err
}

func (s *session) dumpDiagram(d dumping) error {
	drawn, err := s.elaborated(d.file, d.named, d.options)
	if err != nil {
		return err
	}
	return s.print(drawn)
}

// print writes a diagram's text form.
func (s *session) print(d *diagram.Diagram) error {
	_, err := io.WriteString(s.Out, d.String())
	return err
}

// dumpLearn prints the diagram of a step of training.
func (s *session) dumpLearn(d dumping) error {
	t, err := s.prepare(d.file, d.named, d.options, &d.data)
	if err != nil {
		return err
	}
	learned, err := s.learned(t)
	if err != nil {
		return err
	}
	return s.print(learned)
}

// dumpPlan prints the plan of a train block's step, or of a diagram where one is
// named or there is no train block.
func (s *session) dumpPlan(d dumping) error {
	program, err := s.checked(d.file, d.options)
	if err != nil {
		return err
	}
	var p *plan.Plan
	if isOfTrain(program, d.named) {
		p, err = s.planOfTraining(d)
	} else {
		p, err = s.planOfDiagram(program, d.named)
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.Out, p.String())
	return err
}

func (s *session) planOfDiagram(program *check.Program, named []string) (*plan.Plan, error) {
	name, err := chosen("diagram", named, program.Diagrams())
	if err != nil {
		return nil, err
	}
	made, err := sound(program.Diagram(name, nil))
	if err != nil {
		return nil, err
	}
	return planOf(made, false)
}

func (s *session) planOfTraining(d dumping) (*plan.Plan, error) {
	t, err := s.prepare(d.file, d.named, d.options, &d.data)
	if err != nil {
		return nil, err
	}
	return s.step(t)
}
