using System.Collections.Concurrent;

namespace ResourceApi;

/// <summary>The orders, in memory; the oldest go when there are more than a hundred.</summary>
internal sealed class OrderBook
{
    private const int Capacity = 100;

    private readonly ConcurrentQueue<Order> _orders = new([new Order(1, "Darjeeling", 2, "the shop", "the shop")]);
    private int _last = 1;

    public IReadOnlyCollection<Order> All => _orders;

    public Order Add(string item, int quantity, string placedBy, string placedThrough)
    {
        var order = new Order(Interlocked.Increment(ref _last), item, quantity, placedBy, placedThrough);
        _orders.Enqueue(order);
        while (_orders.Count > Capacity)
        {
            _orders.TryDequeue(out _);
        }

        return order;
    }
}
