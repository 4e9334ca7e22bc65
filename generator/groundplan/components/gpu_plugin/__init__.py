"""The NVIDIA device plugin: makes the GPUs of a node something a pod can ask for."""
