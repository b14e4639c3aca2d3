"""Settings, addresses and processes: wires everything together and holds no rule."""
