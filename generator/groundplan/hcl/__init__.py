"""HCL: values written as text, and source read as blocks."""
