# One word per habit; `make help` lists them. Where there is no make (Windows): py -m tools book…
PYTHON ?= python3
WORDS := book slides print epub archive serve lab test quick style french links soak references \
	pictures demos requirements help

.DEFAULT_GOAL := book
.PHONY: $(WORDS)

$(WORDS):
	@$(PYTHON) -m tools $@
