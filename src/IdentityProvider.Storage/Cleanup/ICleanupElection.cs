namespace IdentityProvider.Storage.Cleanup;

/// <summary>Lets one node of the cluster work at a time.</summary>
internal interface ICleanupElection
{
    /// <summary>False, without working, while another node is at it.</summary>
    Task<bool> TryRunAsync(Func<Task> work, CancellationToken cancellationToken);
}
