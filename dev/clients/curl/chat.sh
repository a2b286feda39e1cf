#!/usr/bin/env bash
# One chat completion with curl, plain or streamed. The key stays off the process list.
#
#   chat.sh complete|stream    with ENDPOINT_URL, ENDPOINT_KEY and CA_FILE set
. "$(dirname "${BASH_SOURCE[0]}")/../../lib/shell.sh"

need curl curl
need python3 python3
case ${1:-} in
  complete) stream=false ;;
  stream) stream=true ;;
  *) usage ;;
esac

answer=$(curl -sS -N -w '\n%{http_code}' --cacert "$CA_FILE" -H @- -H 'Content-Type: application/json' \
  -d '{"messages":[{"role":"user","content":"Hi"}],"temperature":0,"stream":'$stream'}' \
  "$ENDPOINT_URL/chat/completions" <<<"Authorization: Bearer $ENDPOINT_KEY")
status=${answer##*$'\n'}
if [[ $status != 200 ]]; then
  echo "refused: $status"
  exit 3
fi
[[ $stream == false || ${answer%$'\n'*} == *'data: [DONE]'* ]] || die "the stream has no end mark"
python3 - "$stream" <<'PYTHON' "${answer%$'\n'*}"
import json, sys

if sys.argv[1] == "false":
    chunks = [json.loads(sys.argv[2])]
else:
    lines = [line.removeprefix("data: ") for line in sys.argv[2].splitlines() if line]
    chunks = [json.loads(line) for line in lines if line != "[DONE]"]
choices = [chunk["choices"][0] for chunk in chunks]
print("".join((choice.get("message") or choice.get("delta"))["content"] for choice in choices))
print("usage: {prompt_tokens} + {completion_tokens}".format(**chunks[-1]["usage"]))
PYTHON
