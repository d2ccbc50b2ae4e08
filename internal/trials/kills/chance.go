package main

import (
	"math/rand/v2"
	"sync"
	"time"
)

// chance draws for all runs at once.
type chance struct {
	lock  sync.Mutex
	draws *rand.Rand
	runs  int
}

func newChance(seed uint64) *chance { return &chance{draws: rand.New(rand.NewPCG(seed, 0))} }

// number counts runs.
func (c *chance) number() int {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.runs++
	return c.runs
}

func (c *chance) coin() bool { return c.within(2) == 0 }

// within is a time from 0 to just under a limit.
func (c *chance) within(limit time.Duration) time.Duration {
	c.lock.Lock()
	defer c.lock.Unlock()
	return time.Duration(c.draws.Int64N(int64(limit)))
}
