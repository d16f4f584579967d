# One word per habit; `make help` lists them. Where there is no make (Windows): py -m tools book…
PYTHON ?= python3
WORDS := book slides print epub archive serve lab quick test soak references pictures requirements help

.DEFAULT_GOAL := book
.PHONY: $(WORDS)

$(WORDS):
	@$(PYTHON) -m tools $@
