"""The commands of `./dev`, by what they are about; each module adds its own to the command line."""
