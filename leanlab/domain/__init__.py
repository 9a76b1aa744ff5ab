"""Project, registers, phases, gates, evidence chain, benefits: plain values and rules."""
