#!/usr/bin/env bash
# The REST samples with curl. Prints one line for each step: "name: what was seen", or "name: FAILED" and why.
#
#   run.sh     with ENDPOINT_URL, ENDPOINT_KEY and CA_FILE set
. "$(dirname "${BASH_SOURCE[0]}")/../../lib/shell.sh"

((!$#)) || usage
need curl curl
need python3 python3
here=$ROOT/dev/clients/curl

hello='"messages":[{"role":"user","content":"Hi"}],"temperature":0'
system='{"role":"system","content":"You are a helpful assistant."}'
question='"messages":['$system',{"role":"user","content":"How many languages are in the world?"}],"temperature":0'
parameters='"presence_penalty":0.1,"frequency_penalty":0.8,"max_tokens":2048,"stop":["<|endoftext|>"],"top_p":1,"response_format":{"type":"text"}'
weather=$(<"$here/weather.json")

# The answer, and its status on a line of its own. The authorization stays off the process list.
call() { # authorization, path, curl option...
  curl -sS -N -w '\n%{http_code}' --cacert "$CA_FILE" -H @- -H 'Content-Type: application/json' "${@:3}" "$ENDPOINT_URL$2" \
    <<<"Authorization: $1"
}
post() { call "Bearer $ENDPOINT_KEY" /chat/completions -d "$1" "${@:2}"; } # body, curl option...
read_answer() { python3 "$here/answers.py" "$@"; }

step() { # name, command...
  local saw
  saw=$("${@:2}") || saw="FAILED, see the standard error"
  echo "$1: $saw"
}

info() { call "Bearer $ENDPOINT_KEY" /info | read_answer info; }
chat() { post "{$1}" | read_answer answered; }
# The web request samples send the bare key, and the switch as text.
stream() { call "$ENDPOINT_KEY" /chat/completions -d "{$hello,\"stream\":\"True\"}" | read_answer streamed; }
json() { post "{$question,\"response_format\":{\"type\":\"json_object\"}}" | read_answer text; }
extras() { post "{$question,\"logprobs\":true}" -H 'extra-parameters: pass-through' | read_answer tokens; }
safe_mode() { post "{$question,\"safe_mode\":true}" -H 'extra-parameters: pass-through' | read_answer answered; }
tools() {
  local first second said
  first=$(post "$weather") && second=$(read_answer next "$weather" <<<"$first") &&
    said=$(read_answer called <<<"$first") && said+=" $(post "$second" | read_answer text)" && echo "$said"
}
wrong_key() { call 'Bearer 00000000000000000000000000000000' /chat/completions -d "{$hello,\"stream\":$1}" | read_answer refused; }
refused() { post "{$question,$1}" | read_answer "$2"; }

step info info
step chat chat "$hello"
step stream stream
step parameters chat "$question,$parameters"
step json json
step extras extras
step safe-mode safe_mode
step tools tools
step wrong-key wrong_key false
step wrong-key-streaming wrong_key true
step bad-value refused '"presence_penalty":3' invalid
step unknown-parameter refused '"logprobs":true' refused
