//go:build js

// Wasm gives the engine to JavaScript: a global object `ncd` with a function for each
// of its calls. Each takes a request as JSON; check, format and draw return
// {"value": …} or {"diagnostics": […]} as JSON; train and eval hand their replies to a
// function, for they go on while others are heard.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"syscall/js"

	"ncd/internal/playground/engine"
	"ncd/internal/training"
)

func main() {
	run := &running{}
	js.Global().Set("ncd", map[string]any{
		"check":  answering(func(p engine.Program) (any, error) { return engine.Check(p), nil }),
		"format": answering(func(p engine.Program) (any, error) { return engine.Format(p) }),
		"draw":   answering(func(f engine.Figure) (any, error) { picture, err := engine.Draw(f); return string(picture), err }),
		"rules":  answering(func(struct{}) (any, error) { return training.RuleNames(), nil }),
		"train":  js.FuncOf(run.train),
		"stop":   js.FuncOf(run.halt),
		"eval":   js.FuncOf(run.eval),
	})
	select {}
}

// answering is a function of JavaScript that answers at once.
func answering[R any](answer func(R) (any, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) (reply any) {
		defer func() {
			if broken := recover(); broken != nil {
				reply = replyOf(nil, fmt.Errorf("this is a fault of ours, not of your program: %v", broken))
			}
		}()
		var request R
		if err := json.Unmarshal([]byte(args[0].String()), &request); err != nil {
			return replyOf(nil, err)
		}
		return replyOf(answer(request))
	})
}

// replyOf is a value, or what is wrong, as JSON.
func replyOf(value any, err error) string {
	reply := map[string]any{"value": value}
	if err != nil {
		reply = map[string]any{"diagnostics": engine.Diagnostics(err)}
	}
	text, err := json.Marshal(reply)
	if err != nil {
		return replyOf(nil, err)
	}
	return string(text)
}

// running is the run under way, or the last one.
type running struct {
	stop    context.CancelFunc
	trained *engine.Trained
}

// train(request, told, ended) trains, and calls told with each engine.Told and at last
// ended.
func (r *running) train(_ js.Value, args []js.Value) any {
	var request engine.Run
	if err := json.Unmarshal([]byte(args[0].String()), &request); err != nil {
		return replyOf(nil, err)
	}
	r.halt(js.Null(), nil)
	told, ended := args[1], args[2]
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	go func() {
		defer stop()
		trained, final, err := engine.Train(ctx, request, func(t engine.Told) { told.Invoke(replyOf(t, nil)) })
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		r.trained = trained
		ended.Invoke(replyOf(final, err))
	}()
	return nil
}

// halt() ends the run under way.
func (r *running) halt(js.Value, []js.Value) any {
	if r.stop != nil {
		r.stop()
	}
	return nil
}

// eval(split, ended) measures the weights of the last run.
func (r *running) eval(_ js.Value, args []js.Value) any {
	split, ended := args[0].String(), args[1]
	go func() {
		if r.trained == nil {
			ended.Invoke(replyOf(nil, errors.New("nothing is trained yet")))
			return
		}
		final, err := r.trained.Eval(split)
		ended.Invoke(replyOf(final, err))
	}()
	return nil
}
