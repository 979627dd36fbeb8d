import { Select } from "@base-ui/react/select";
import { classNames } from "./class-names.ts";
import { Icon } from "./icon/icon.tsx";
import type { ChoiceProps } from "./inputs.tsx";

/** One of a list that is too long for `Segmented`. `small` is 28 px high. */
export function SelectField<V extends string | number | null>(
  props: ChoiceProps<V> & { small?: boolean; width?: number },
) {
  const { value, options, onChange, label, describedBy, disabled = false, small = false, width } = props;
  const current = options.find((option) => option.value === value);
  return (
    <Select.Root
      value={value}
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      onValueChange={(next) => onChange(next as V)}
      disabled={disabled}
      modal={false}
    >
      <Select.Trigger
        className={classNames("field select", small && "sm", disabled && "is-disabled")}
        aria-label={label}
        aria-describedby={describedBy}
        style={width === undefined ? {} : { width }}
      >
        <span className="clip">{current?.label ?? ""}</span>
        <Icon name={disabled ? "lock" : "chevron-down"} size={14} />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner
          className="layer-pop"
          sideOffset={4}
          collisionPadding={8}
          alignItemWithTrigger={false}
          align="end"
        >
          <Select.Popup className="pop menu">
            {options.map((option) => (
              <Select.Item key={String(option.value)} value={option.value} className="mi">
                <span className="mi-gap">
                  <Select.ItemIndicator render={<span />}>
                    <Icon name="check" size={14} />
                  </Select.ItemIndicator>
                </span>
                <Select.ItemText className="clip">{option.label}</Select.ItemText>
                {option.meta !== undefined && <span className="meta">{option.meta}</span>}
              </Select.Item>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
