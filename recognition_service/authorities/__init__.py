"""Who recognises: authorities, their people, keys, mandates and standing orders."""
