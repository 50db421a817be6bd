"""Run the assistant: train the model when needed, start the processes, watch over them."""
