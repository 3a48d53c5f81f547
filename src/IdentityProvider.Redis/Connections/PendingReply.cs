using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Connections;

/// <summary>A command whose reply is still to come.</summary>
/// <param name="SentAt">By <see cref="Environment.TickCount64"/>.</param>
internal sealed record PendingReply(long SentAt)
{
    private readonly TaskCompletionSource<RespValue?> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null when the connection was lost before it came.</summary>
    public Task<RespValue?> Task => _reply.Task;

    public void Complete(RespValue? reply) => _reply.TrySetResult(reply);
}
