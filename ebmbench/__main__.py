"""``python -m ebmbench``."""

from ebmbench.commands.app import main

if __name__ == "__main__":
    main()
