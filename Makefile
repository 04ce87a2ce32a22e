# Thin: everything is in scripts/.

.PHONY: help run dev test proof sqlx
.DEFAULT_GOAL := help

help: ## These lines
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

run: ## Install what is missing, build, make the demo school, serve on http://127.0.0.1:3000
	@scripts/run.sh

dev: ## The same unoptimised, built again and reloaded at every change
	@scripts/dev.sh

test: ## Everything that must hold before a change goes in
	@scripts/gate.sh

proof: ## The long checks and measurements, written to docs/performance.md
	@scripts/proof.sh

sqlx: ## Renew .sqlx after a change of queries or migrations
	@scripts/sqlx.sh
