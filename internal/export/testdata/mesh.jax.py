# Devices along each axis of the mesh, and which axes lie along which.
MESH = {"data": 4, "model": 2}
SHARD = {"batch": "data", "hidden": "model"}
# mesh.py
