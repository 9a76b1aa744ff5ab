"""Start LeanLab: `python -m leanlab`."""


def main() -> None:
    """Run the command line."""
    from leanlab.cli import cli  # the start page needs none of the command line's parts

    cli()


if __name__ == "__main__":
    main()
