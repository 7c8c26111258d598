"""``python -m ebmbench``."""

from ebmbench.cli import main

if __name__ == "__main__":
    main()
