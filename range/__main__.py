"""`python -m range`: the command line."""

import os

# Linear algebra's own threads spin while they wait, which takes time from the film and gains nothing on small matrices.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from range.app.cli import main

main()
