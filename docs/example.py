"""Segment a photograph, look where the model is unsure, measure, change a setting, keep the result."""

from dataclasses import replace
from pathlib import Path

from engine.host.resources import samples
from engine.method.doubt import expected_agreement
from engine.networks.weights import load_model
from engine.photograph.read import read_image, read_mask
from engine.pipeline import Pipeline
from engine.progress import drain
from engine.reading.agreement import agreement
from engine.reading.measures import measures
from engine.records.export import export

photograph = samples()[1]  # a bundled synthetic melanoma; any path does
image = read_image(photograph)

model = load_model()
pipeline = Pipeline(model)  # on a GPU where there is one; Pipeline(model, "cpu") not
found = drain(pipeline.run(image, model.recipe))

print(f"GED {found.consensus.ged:.3f}, {found.mask.sum()} pixels of lesion")
row, column = divmod(int(found.consensus.ambiguity.argmax()), found.consensus.ambiguity.shape[1])
print(f"most in doubt: row {row}, column {column} of the working grid")
if (expected := expected_agreement(found.readers, found.consensus)) is not None:
    print(f"two readers would agree with a Dice of about {expected.value:.2f}")

for one in measures(found):
    print(f"{one.name}: {one.value:.4g} {one.unit}, {one.low:.4g} to {one.high:.4g} across the timesteps")

# Another threshold: the network is not asked again.
wider = replace(model.recipe, vote=replace(model.recipe.vote, delta=0.10))
again = drain(pipeline.run(image, wider))
print(f"at delta 0.10: {again.mask.sum()} pixels of lesion")

# Against an annotation.
truth = read_mask(photograph.with_name(f"{photograph.stem}_segmentation.png"))
print(f"Dice {agreement(found.mask, truth).dice:.3f}")

# The same files as the window and the command line write.
for path in export(found, Path("out") / photograph.stem, also=("csv",)):
    print(path)
