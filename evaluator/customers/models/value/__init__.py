"""What customers are worth besides their class: contribution, delivered value, information, potential."""
