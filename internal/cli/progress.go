package cli

import (
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"ncd/runtime/train"
)

// progress shows how a run goes: a live bar on a terminal, else a line an epoch.
// It is a train.Watcher.
type progress struct {
	session *session
	began   time.Time
	first   int // steps done before this session
	total   int
	bars    *mpb.Progress
	bar     *mpb.Bar      // nil where there is no terminal
	moved   time.Time     // when the bar was moved last
	loss    atomic.Uint64 // its bits: the bar is drawn by another goroutine
}

// newProgress shows a run of so many steps, of which some are done.
func (s *session) newProgress(total, done int) *progress {
	p := &progress{session: s, began: time.Now(), first: done, total: total}
	if s.isJSON || !isTerminal(s.Err) {
		return p
	}
	p.bars = mpb.New(mpb.WithOutput(s.Err), mpb.WithWidth(32), mpb.WithRefreshRate(refresh))
	p.bar = p.bars.AddBar(0, // so that it does not end by itself before the last figures are told
		mpb.PrependDecorators(decor.CountersNoUnit("step %d/%d ")),
		mpb.AppendDecorators(decor.Any(p.state)),
	)
	p.bar.SetTotal(int64(total), false)
	p.bar.SetCurrent(int64(done))
	return p
}

// state is what stands behind the bar: rate, loss, time left.
func (p *progress) state(at decor.Statistics) string {
	rate := float64(at.Current-int64(p.first)) / time.Since(p.began).Seconds()
	if rate <= 0 {
		return ""
	}
	left := time.Duration(float64(at.Total-at.Current) / rate * float64(time.Second))
	return fmt.Sprintf(" %.0f steps/s  loss %.4g  %s left", rate, math.Float64frombits(p.loss.Load()), left.Round(time.Second))
}

// Stepped implements train.Watcher. A step may be shorter than it takes to move
// the bar, so that is done as often as it is drawn.
func (p *progress) Stepped(step int, loss float64) {
	if p.bar == nil || step < p.total && time.Since(p.moved) < refresh {
		return
	}
	p.moved = time.Now()
	p.loss.Store(math.Float64bits(loss))
	p.bar.SetCurrent(int64(step))
}

// refresh is how long a bar stands still.
const refresh = 100 * time.Millisecond

// Measured implements train.Watcher.
func (p *progress) Measured(epoch int, figures []train.Metric) {
	words := []string{fmt.Sprintf("epoch %d, step %d", epoch, figures[0].Step)}
	split := ""
	for _, m := range figures {
		if m.Split != split {
			split = m.Split
			words = append(words, " "+split)
		}
		words = append(words, fmt.Sprintf("%s %.4g", m.Name, float64(m.Value)))
	}
	line := strings.Join(words, " ")
	switch {
	case p.session.isTerse:
	case p.bar != nil:
		fmt.Fprintln(p.bars, line)
	default:
		p.session.remark("%s", line)
	}
}

// end leaves the bar as it stands.
func (p *progress) end() {
	if p.bar != nil {
		p.bar.Abort(false)
		p.bars.Wait()
	}
}
