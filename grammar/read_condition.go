package grammar

// cond reads Cond = And ("or" And)* .
func (r *reader) cond() (Cond, error) { return r.logic("or", (*reader).and) }

// and reads And = Cmp ("and" Cmp)* .
func (r *reader) and() (Cond, error) { return r.logic("and", (*reader).compare) }

func (r *reader) logic(op string, part func(*reader) (Cond, error)) (Cond, error) {
	start := r.Peek()
	left, err := part(r)
	for n := 0; err == nil && r.take(op); n++ {
		if n > longest {
			return nil, r.fault(wantLess)
		}
		var right Cond
		right, err = part(r)
		left = &Logic{r.from(start), op, left, right}
	}
	return left, err
}

// compare reads Cmp = "not"? Sum (("<=" | ">=" | "==" | "!=" | "<" | ">") Sum)? .
func (r *reader) compare() (Cond, error) {
	start := r.Peek()
	if r.take("not") {
		of, err := r.comparison()
		return &Not{r.from(start), of}, err
	}
	return r.comparison()
}

func (r *reader) comparison() (Cond, error) {
	start := r.Peek()
	left, err := r.sum()
	if err != nil {
		return nil, err
	}
	if !r.at("<=", ">=", "==", "!=", "<", ">") {
		return &Fact{r.from(start), left}, nil
	}
	op := r.Next().Value
	right, err := r.sum()
	return &Compare{r.from(start), op, left, right}, err
}
