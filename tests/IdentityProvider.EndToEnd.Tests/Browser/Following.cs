using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

internal static class Following
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Presses a button or link and waits until the page it leads to is there; a click alone returns before.</summary>
    public static Task FollowAsync(this IPage page, string selector) => page.FollowAsync(() => page.ClickAsync(selector));

    public static async Task FollowAsync(this IPage page, Func<Task> act)
    {
        // The event and not the state: asked for the state after a navigation, the driver sometimes waits for a load that is over.
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Load += Note;
        try
        {
            await act();
            await arrived.Task.WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException("no page came after " + page.Url, late);
        }
        finally
        {
            page.Load -= Note;
        }

        void Note(object? sender, IPage loaded) => arrived.TrySetResult();
    }
}
