"""`python -m range`: the command line."""

from range.app.cli import main

main()
