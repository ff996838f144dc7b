"""`python -m splitship`: the command line."""

from splitship.cli import main

if __name__ == "__main__":
    main()
