"""Tools for agents, over the Model Context Protocol: inside one folder, each answer with its sentence."""
