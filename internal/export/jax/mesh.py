"""What the loop calls where named axes lie along a mesh of devices."""


def mesh():
    """The devices of all processes in a grid."""
    devices = numpy.array(jax.devices()[: math.prod(MESH.values())])
    return jax.sharding.Mesh(devices.reshape(tuple(MESH.values())), tuple(MESH))


def sharding(labels):
    """How an array of these axes lies on the mesh: of two axes along the same, the first."""
    along = [SHARD.get(label) for label in labels]
    along = [name if name not in along[:i] else None for i, name in enumerate(along)]
    return jax.sharding.NamedSharding(mesh(), jax.sharding.PartitionSpec(*along))


def compiled():
    """The step, compiled for the mesh: XLA finds what the devices tell each other."""
    w = {path: sharding(labels) for path, (labels, *_) in WEIGHTS.items()}
    s = {path: sharding(labels) for path, (labels, *_) in STATES.items()}
    batch = {name: sharding(labels) for name, (labels, _) in FIELDS.items()}
    everywhere = sharding(())
    return jax.jit(step, in_shardings=(w, s, batch, everywhere), out_shardings=(w, s, everywhere), donate_argnums=(0, 1))


def placed(arrays, axes):
    """Arrays laid on the mesh by their axes; every process has all of them and gives its devices their parts."""
    made = {}
    for name, x in arrays.items():
        x = numpy.asarray(x)
        made[name] = jax.make_array_from_callback(x.shape, sharding(axes[name][0]), lambda part, x=x: x[part])
    return made


def gathered(arrays):
    """Arrays of all devices in the memory of this process."""
    from jax.experimental import multihost_utils

    if jax.process_count() == 1:
        return {name: numpy.asarray(x) for name, x in arrays.items()}
    return {name: numpy.asarray(multihost_utils.process_allgather(x, tiled=True)) for name, x in arrays.items()}


def begin(options):
    """Joins the other processes, and reports whether this one is the first."""
    if options.coordinator:
        jax.distributed.initialize(options.coordinator, options.processes, options.process)
    return jax.process_index() == 0
