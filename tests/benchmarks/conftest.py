"""Show the ratios that benchmarks store, below the table of times, and the peers beside LeanLab."""


def pytest_terminal_summary(terminalreporter, config):
    session = getattr(config, "_benchmarksession", None)
    noted = [b for b in session.benchmarks if b.extra_info] if session else []
    show_ratios(terminalreporter, [b for b in noted if "work" not in b.extra_info])
    show_peers(terminalreporter, [dict(b.extra_info) for b in noted if "work" in b.extra_info])


def show_ratios(terminal, noted):
    if not noted:
        return
    terminal.section("ratios, measured in this run")
    width = max(len(b.name) for b in noted)
    for bench in noted:
        facts = ", ".join(f"{name} {value}" for name, value in bench.extra_info.items())
        terminal.write_line(f"{bench.name:{width}}  {facts}")


def show_peers(terminal, rows):
    """Write one block a work: its title, then who did it."""
    if not rows:
        return
    terminal.section("peers beside LeanLab, processor time of the best call in this run")
    for facts in rows:
        terminal.write_line(facts.pop("work"))
        for who, words in facts.items():
            terminal.write_line(f"    {who:16} {words}")
