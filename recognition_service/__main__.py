"""`python -m recognition_service`: the command line."""

from recognition_service.cli.main import main

if __name__ == "__main__":
    main()
