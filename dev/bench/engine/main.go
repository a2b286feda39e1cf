// Command engine stands in for an inference server in a benchmark: it answers POST /v1/chat/completions in the form of vLLM,
// plain and streamed, at the pace that it is told, so that what a gateway adds is all that differs between two runs.
//
//	engine [-listen ADDRESS]
//
// POST /pace sets how the following requests are answered, by query:
//
//	first     time until the first token, for instance 2s (default 0)
//	interval  time between tokens (default 0: as fast as they can be written)
//	fail      status with which every request is refused (default 0: none)
//	die       token after which the connection is cut (default 0: never)
//
// GET /arrived tells when completions were asked for since POST /record, in nanoseconds since 1970, each on a line.
// GET /gone waits for the next caller that leaves before the end of its answer, and tells when that was seen, in nanoseconds
// since 1970. GET /begun tells how many completions were asked for so far.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// pace says how requests are answered.
type pace struct {
	first, interval time.Duration
	fail, die       int
}

// question is the part of a request that matters here.
type question struct {
	Stream    bool `json:"stream"`
	MaxTokens int  `json:"max_tokens"`
}

const (
	tokens       = 8
	promptTokens = 256
	head         = `{"id":"chatcmpl-bench","object":"%s","created":1767225600,"model":"bench",`
)

var (
	gone    = make(chan time.Time, 1024)
	begun   atomic.Int64
	arrived record
	current atomic.Pointer[pace]
	first   = fmt.Appendf(nil, "data: "+head+`"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}`+"\n\n", "chat.completion.chunk")
	token   = fmt.Appendf(nil, "data: "+head+`"choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}]}`+"\n\n", "chat.completion.chunk")
	finish  = fmt.Appendf(nil, "data: "+head+`"choices":[{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"length","stop_reason":null}]}`+"\n\n", "chat.completion.chunk")
)

// record holds times from the moment at which it is wanted.
type record struct {
	lock   sync.Mutex
	wanted bool
	times  []int64
}

func (r *record) add(seen time.Time) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.wanted {
		r.times = append(r.times, seen.UnixNano())
	}
}

func (r *record) begin(http.ResponseWriter, *http.Request) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.wanted, r.times = true, nil
}

func (r *record) end(w http.ResponseWriter, _ *http.Request) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.wanted = false
	for _, seen := range r.times {
		fmt.Fprintln(w, seen)
	}
}

func setPace(w http.ResponseWriter, r *http.Request) {
	var next pace
	var err error
	query := r.URL.Query()
	duration := func(name string) (d time.Duration) {
		if value := query.Get(name); value != "" && err == nil {
			d, err = time.ParseDuration(value)
		}
		return d
	}
	number := func(name string) (n int) {
		if value := query.Get(name); value != "" && err == nil {
			n, err = strconv.Atoi(value)
		}
		return n
	}
	next.first, next.interval = duration("first"), duration("interval")
	next.fail, next.die = number("fail"), number("die")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	current.Store(&next)
}

func complete(w http.ResponseWriter, r *http.Request) {
	start, now := time.Now(), *current.Load()
	asked := question{MaxTokens: tokens}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &asked)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	begun.Add(1)
	arrived.add(start)
	if now.fail != 0 {
		http.Error(w, `{"error":{"message":"told to fail"}}`, now.fail)
		return
	}
	usage := fmt.Sprintf(`"usage":{"prompt_tokens":%d,"total_tokens":%d,"completion_tokens":%d}}`,
		promptTokens, promptTokens+asked.MaxTokens, asked.MaxTokens)
	if asked.Stream {
		stream(w, r, start, now, asked.MaxTokens, usage)
		return
	}
	until(r, start.Add(now.first+time.Duration(asked.MaxTokens-1)*now.interval))
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, head+`"choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"length"}],%s`,
		"chat.completion", strings.Repeat(" token", asked.MaxTokens), usage)
}

// stream writes each token at its deadline, so that a slow write does not delay the ones after it.
func stream(w http.ResponseWriter, r *http.Request, start time.Time, now pace, count int, usage string) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	control := http.NewResponseController(w)
	w.Write(first)
	for i := range count {
		deadline := start.Add(now.first + time.Duration(i)*now.interval)
		if time.Until(deadline) > 0 {
			control.Flush()
		}
		if !until(r, deadline) {
			return
		}
		if now.die != 0 && i == now.die {
			panic(http.ErrAbortHandler)
		}
		w.Write(token)
		if control.Flush() != nil {
			return
		}
	}
	w.Write(finish)
	fmt.Fprintf(w, "data: "+head+`"choices":[],%s`+"\n\ndata: [DONE]\n\n", "chat.completion.chunk", usage)
}

// until waits for the deadline, and is false when the caller has gone.
func until(r *http.Request, deadline time.Time) bool {
	wait := time.Until(deadline)
	if wait <= 0 {
		return r.Context().Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		gone <- time.Now()
		return false
	}
}

func nextGone(w http.ResponseWriter, r *http.Request) {
	select {
	case seen := <-gone:
		fmt.Fprint(w, seen.UnixNano())
	case <-r.Context().Done():
	}
}

func main() {
	listen := flag.String("listen", "127.0.0.1:18000", "address")
	flag.Parse()
	current.Store(&pace{})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /pace", setPace)
	mux.HandleFunc("POST /v1/chat/completions", complete)
	mux.HandleFunc("POST /record", arrived.begin)
	mux.HandleFunc("GET /arrived", arrived.end)
	mux.HandleFunc("GET /gone", nextGone)
	mux.HandleFunc("GET /begun", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, begun.Load()) })
	mux.HandleFunc("GET /health", func(http.ResponseWriter, *http.Request) {})
	log.Fatal(http.ListenAndServe(*listen, mux))
}
