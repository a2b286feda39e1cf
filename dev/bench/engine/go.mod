module mistraloperator.io/dev/bench/engine

go 1.26
