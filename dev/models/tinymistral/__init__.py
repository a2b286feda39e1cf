"""Tiny models of Mistral's architecture with known answers, made from nothing.

Real engines load them, tokenise with them and generate from them, yet a test can assert the
exact text, token usage and finish reason.  No published weights or vocabulary are used and
nothing is downloaded.  `script` says what the models say; `vocabulary` learns the tokens;
`answers` turns the script into next-token scores; `network` turns the scores into weights;
`gguf`, `huggingface` and `mistral` write the files that engines read.
"""
