"""What `make bench` measures: our pages over HTTP beside three yardsticks, in one run on one machine."""
