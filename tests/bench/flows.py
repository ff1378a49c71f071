"""The five steps as a flow of django-viewflow; imported only after Django is set up."""

from django.views.generic import View
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process


class FiveSteps(flow.Flow):
    """Start, five user tasks, one gateway."""

    process_class = Process

    start = flow.StartHandle(this.begin).Next(this.one)
    one = flow.View(View.as_view()).Next(this.two)
    two = flow.View(View.as_view()).Next(this.three)
    three = flow.View(View.as_view()).Next(this.good)
    good = flow.If(this.is_good).Then(this.four).Else(this.stopped)
    four = flow.View(View.as_view()).Next(this.five)
    five = flow.View(View.as_view()).Next(this.done)
    stopped = flow.End()
    done = flow.End()

    def begin(self, activation, gist):
        """What the start event takes."""
        activation.process.data = {"gist": gist}
        return activation.process

    def is_good(self, activation):
        """The condition at the gateway."""
        return activation.process.data["good"]
