"""Show the ratios that benchmarks store, below the table of times."""


def pytest_terminal_summary(terminalreporter, config):
    session = getattr(config, "_benchmarksession", None)
    noted = [b for b in session.benchmarks if b.extra_info] if session else []
    if not noted:
        return
    terminalreporter.section("ratios, measured in this run")
    width = max(len(b.name) for b in noted)
    for bench in noted:
        facts = ", ".join(f"{name} {value}" for name, value in bench.extra_info.items())
        terminalreporter.write_line(f"{bench.name:{width}}  {facts}")
