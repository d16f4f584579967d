# One word per habit. Where there is no make (Windows): py -m tools book, py -m tools test…
PYTHON ?= python3

.DEFAULT_GOAL := book
.PHONY: book slides print epub archive serve lab test soak references pictures requirements

book slides print epub archive serve lab test soak references pictures requirements:
	@$(PYTHON) -m tools $@
